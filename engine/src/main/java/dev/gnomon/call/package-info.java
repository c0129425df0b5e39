/** The system calls, a class a family: each answers, says that the guest shall do it natively, or blocks. */
package dev.gnomon.call;
