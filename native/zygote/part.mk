# The zygote: starts guests, injects the shim, buries the dead, and takes all along when it dies.
ZYGOTE_OBJECTS = $(patsubst zygote/%,$(OBJECTS)/zygote/%.o,$(wildcard zygote/*.c zygote/*.S))

PRODUCTS += $(TARGET)/gnomon-zygote

$(OBJECTS)/zygote/%.o: zygote/% Makefile zygote/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fPIE -c -o $@ $<

$(TARGET)/gnomon-zygote: $(ZYGOTE_OBJECTS)
	@mkdir -p $(@D)
	$(CC) -pie -pthread -o $@ $(ZYGOTE_OBJECTS)
