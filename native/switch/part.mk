# The switch: what the engine calls.
PRODUCTS += $(TARGET)/libgnomon-switch.so
SWITCH_OBJECTS = $(patsubst switch/%.c,$(OBJECTS)/switch/%.o,$(wildcard switch/*.c))

$(OBJECTS)/switch/%.o: switch/%.c Makefile switch/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fPIC -c -o $@ $<

$(TARGET)/libgnomon-switch.so: $(SWITCH_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -shared -o $@ $(SWITCH_OBJECTS)
