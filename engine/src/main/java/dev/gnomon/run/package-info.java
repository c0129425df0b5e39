/** Puts a simulation together and runs it: the one entrance that the service and the command line use. */
package dev.gnomon.run;
