# Small programs that tests start as guests: one C file each, dynamic, threads allowed. Not shipped.
GUESTS = target/guests
PRODUCTS += $(patsubst guests/%.c,$(GUESTS)/%,$(wildcard guests/*.c))

$(GUESTS)/%: guests/%.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/guests
	$(CC) $(CFLAGS) -pthread -MF $(OBJECTS)/guests/$*.d -o $@ $<

# Nothing is loaded into it: for what must work without a shim.
PRODUCTS += $(GUESTS)/spawn-and-wait-static

$(GUESTS)/spawn-and-wait-static: guests/spawn-and-wait.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/guests
	$(CC) $(CFLAGS) -static -MF $(OBJECTS)/guests/spawn-and-wait-static.d -o $@ $<
