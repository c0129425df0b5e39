/** Unix sockets, {@code unix(7)}. */
package dev.gnomon.kernel.unix;
