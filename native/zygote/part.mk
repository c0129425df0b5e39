# The zygote: starts guests, buries them, and takes them along when it dies. The tracer is part of it (tracer/part.mk).
PRODUCTS += $(TARGET)/gnomon-zygote

$(OBJECTS)/zygote/%.o: zygote/%.c Makefile zygote/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -DGNOMON_REMOTE -fPIE -c -o $@ $<

# TRACER_OBJECTS is set by a part that is read before this one.
$(TARGET)/gnomon-zygote: $(OBJECTS)/zygote/zygote.o $(TRACER_OBJECTS)
	$(CC) $(CFLAGS) -pie -o $@ $^
