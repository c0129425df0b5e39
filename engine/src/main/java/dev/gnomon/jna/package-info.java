/**
 * Every native mapping and every constant of the kernel's that the engine uses. Not an API: only {@code dev.gnomon.guest}
 * and the command line's benchmarks call it.
 */
package dev.gnomon.jna;
