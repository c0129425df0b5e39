/** Character devices that a simulated machine answers itself. */
package dev.gnomon.kernel.device;
