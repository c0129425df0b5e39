# The switch: what the engine calls through JNA.
PRODUCTS += $(TARGET)/libgnomon-switch.so

$(TARGET)/libgnomon-switch.so: switch/switch.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/switch
	$(CC) $(CFLAGS) -fPIC -shared -MF $(OBJECTS)/switch/switch.d -o $@ $<
