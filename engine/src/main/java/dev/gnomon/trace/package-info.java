/** What a run records of itself beside its results: packet captures. */
package dev.gnomon.trace;
