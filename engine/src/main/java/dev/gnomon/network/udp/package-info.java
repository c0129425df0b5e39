/** UDP (RFC 768). */
package dev.gnomon.network.udp;
