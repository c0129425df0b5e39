/** The command line. */
package dev.gnomon.cli;
