/* The copies of copy.h. The count left stands in %rcx whenever an instruction can fault. */
    .text

    .globl gnomon_copy_begin, gnomon_copy_end, gnomon_copy_fault
    .globl gnomon_copy_string_begin, gnomon_copy_string_end, gnomon_copy_string_fault
    .hidden gnomon_copy_begin, gnomon_copy_end, gnomon_copy_fault
    .hidden gnomon_copy_string_begin, gnomon_copy_string_end, gnomon_copy_string_fault

    .globl gnomon_copy
    .hidden gnomon_copy
    .type gnomon_copy, @function
gnomon_copy:
    mov %rdx, %rcx
gnomon_copy_begin:
    cmp $8, %rcx
    je 1f
    cmp $16, %rcx
    je 3f
    cmp $4, %rcx
    je 2f
    rep movsb
    xor %eax, %eax
    ret
1:  mov (%rsi), %rax
    mov %rax, (%rdi)
    xor %eax, %eax
    ret
2:  mov (%rsi), %eax
    mov %eax, (%rdi)
    xor %eax, %eax
    ret
3:  mov (%rsi), %rax
    mov 8(%rsi), %rdx
    mov %rax, (%rdi)
    mov %rdx, 8(%rdi)
    xor %eax, %eax
    ret
gnomon_copy_end:
gnomon_copy_fault:
    mov %rcx, %rax
    ret
    .size gnomon_copy, . - gnomon_copy

    .globl gnomon_copy_string
    .hidden gnomon_copy_string
    .type gnomon_copy_string, @function
gnomon_copy_string:
    xor %ecx, %ecx
gnomon_copy_string_begin:
1:  cmp %rdx, %rcx
    jae 2f
    movzbl (%rsi,%rcx), %eax
    mov %al, (%rdi,%rcx)
    test %al, %al
    je 2f
    inc %rcx
    jmp 1b
2:  mov %rcx, %rax
    ret
gnomon_copy_string_end:
gnomon_copy_string_fault:
    mov $-1, %rax
    ret
    .size gnomon_copy_string, . - gnomon_copy_string

    .section .note.GNU-stack, "", @progbits
