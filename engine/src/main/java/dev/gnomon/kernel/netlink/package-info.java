/** Netlink sockets: the kernel's tables of interfaces, addresses and routes. */
package dev.gnomon.kernel.netlink;
