# Small programs that tests start as guests: one C file each, dynamic, threads allowed. Not shipped.
GUESTS = target/guests
PRODUCTS += $(patsubst guests/%.c,$(GUESTS)/%,$(wildcard guests/*.c))

$(GUESTS)/%: guests/%.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/guests
	$(CC) $(CFLAGS) -pthread -MF $(OBJECTS)/guests/$*.d $(GUEST_FLAGS) -o $@ $<

# The same without a dynamic loader.
STATIC_GUESTS = target/guests-static
PRODUCTS += $(patsubst guests/%.c,$(STATIC_GUESTS)/%,$(wildcard guests/*.c))

$(STATIC_GUESTS)/%: guests/%.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/guests-static
	$(CC) $(CFLAGS) -pthread -static -MF $(OBJECTS)/guests-static/$*.d $(GUEST_FLAGS) -o $@ $<

# Looks at the stack before anybody else.
$(GUESTS)/fresh_stack $(STATIC_GUESTS)/fresh_stack: GUEST_FLAGS = -Wl,-e,own_start
