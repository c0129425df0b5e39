/** What system calls act on: processes, threads, descriptors, signals, and the objects that descriptors name. */
package dev.gnomon.kernel;
