# Prints the offsets of every shared structure, for the test that compares them with the engine's descriptors.
PRODUCTS += $(TARGET)/gnomon-layout

$(TARGET)/gnomon-layout: layout/layout.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/layout
	$(CC) $(CFLAGS) -MF $(OBJECTS)/layout/layout.d -o $@ $<
