# The zygote: starts guests, buries them, and takes them along when it dies.
PRODUCTS += $(TARGET)/gnomon-zygote

$(TARGET)/gnomon-zygote: zygote/zygote.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/zygote
	$(CC) $(CFLAGS) -fPIE -pie -MF $(OBJECTS)/zygote/zygote.d -o $@ $<
