/** Signals: numbers, actions, and what is pending. */
package dev.gnomon.kernel.signal;
