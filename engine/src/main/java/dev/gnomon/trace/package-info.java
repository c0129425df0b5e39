/** What a run writes down besides its programs' own output: packets and system calls. */
package dev.gnomon.trace;
