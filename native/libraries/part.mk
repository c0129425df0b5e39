# Shared objects that tests load into guests. Not shipped.
LIBRARIES = target/libraries
PRODUCTS += $(patsubst libraries/%.c,$(LIBRARIES)/%.so,$(wildcard libraries/*.c))

$(LIBRARIES)/%.so: libraries/%.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/libraries
	$(CC) $(CFLAGS) -fPIC -shared -MF $(OBJECTS)/libraries/$*.d -o $@ $<
