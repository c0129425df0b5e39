/** The event poll facility, {@code epoll(7)}. */
package dev.gnomon.kernel.poll;
