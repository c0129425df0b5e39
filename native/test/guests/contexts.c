/* Coroutines: stacks that the program changes by itself. */
#include "check.h"
#include <setjmp.h>
#include <ucontext.h>

static ucontext_t main_context;
static ucontext_t other_context;
static char stack[32768] __attribute__((aligned(16)));
static int turns;

static void other(void) {
    for (;;) {
        getppid();
        turns++;
        swapcontext(&other_context, &main_context);
    }
}

int main(void) {
    CHECK(getcontext(&other_context) == 0);
    other_context.uc_stack.ss_sp = stack;
    other_context.uc_stack.ss_size = sizeof(stack);
    makecontext(&other_context, other, 0);
    for (int i = 0; i < 1000; i++) {
        CHECK(swapcontext(&main_context, &other_context) == 0);
    }
    CHECK(turns == 1000);
    return 0;
}
