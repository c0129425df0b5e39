/** What the machine permits, what a run needs of it, and whether the one suffices for the other. */
package dev.gnomon.limits;
