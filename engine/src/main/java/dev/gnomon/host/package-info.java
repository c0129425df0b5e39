/** A simulated machine: its clock, randomness, network, processes and processor. */
package dev.gnomon.host;
