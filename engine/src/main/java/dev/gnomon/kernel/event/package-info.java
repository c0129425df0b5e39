/** Event, timer and signal descriptors. */
package dev.gnomon.kernel.event;
