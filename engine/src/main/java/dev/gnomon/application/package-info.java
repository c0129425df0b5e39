/**
 * Applications inside the engine: servers and sources of traffic that use a host's sockets as a program would, without a
 * process. One costs a few hundred bytes while it waits.
 */
package dev.gnomon.application;
