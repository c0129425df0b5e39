/** Pipes. */
package dev.gnomon.kernel.pipe;
