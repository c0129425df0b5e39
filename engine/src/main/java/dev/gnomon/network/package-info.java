/**
 * A host's network stack: packets, interfaces, queue disciplines, ports, sockets.
 *
 * <p>A host's whole stack runs on one thread at a time and takes no locks. Packets cross between hosts only through
 * {@link dev.gnomon.network.NetworkEnvironment#transmit}. Addresses are IPv4, held as {@code int} in host order.
 */
package dev.gnomon.network;
