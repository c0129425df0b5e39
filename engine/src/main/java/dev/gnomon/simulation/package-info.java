/** Virtual time: event queues, and rounds of hosts over workers. */
package dev.gnomon.simulation;
