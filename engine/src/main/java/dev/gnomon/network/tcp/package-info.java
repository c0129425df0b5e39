/**
 * TCP: RFC 9293, with the options of RFC 7323 and RFC 2018, loss recovery by RFC 8985 (RACK-TLP) and RFC 6937 (PRR), RFC
 * 6298 timeouts with Linux's bounds, and CUBIC (RFC 9438).
 *
 * <p>Inside, sequence numbers are {@code long} offsets from the initial one: the SYN is offset 0, the first byte of data
 * offset 1. They wrap only where segments are made and read. Urgent data is not implemented: the URG flag is ignored and
 * MSG_OOB is for the caller to refuse.
 */
package dev.gnomon.network.tcp;
