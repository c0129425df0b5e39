/** Sockets as objects, whatever their family. */
package dev.gnomon.kernel.socket;
