/** The files that a run leaves behind: found, listed, sent, packed. */
package dev.gnomon.service.artifact;
