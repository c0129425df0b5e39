/** Where and how things are kept: the data directory, the embedded database in it, names and texts that fit. */
package dev.gnomon.service.storage;
