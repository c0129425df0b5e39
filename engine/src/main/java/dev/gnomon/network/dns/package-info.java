/** The simulated network's name service (RFC 1035, EDNS0 of RFC 6891). */
package dev.gnomon.network.dns;
