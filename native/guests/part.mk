# Small programs that tests start as guests: one C file each, dynamic, threads allowed. Not shipped.
GUESTS = target/guests
PRODUCTS += $(patsubst guests/%.c,$(GUESTS)/%,$(wildcard guests/*.c))

$(GUESTS)/%: guests/%.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/guests
	$(CC) $(CFLAGS) -pthread -MF $(OBJECTS)/guests/$*.d -o $@ $<
