/** The part of ICMP (RFC 792) that hosts need: echo replies and unreachable messages. */
package dev.gnomon.network.icmp;
