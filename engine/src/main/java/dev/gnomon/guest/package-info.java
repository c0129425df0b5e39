/** Real processes as the engine sees them: how they are started, the channels over which their calls arrive, their memory. */
package dev.gnomon.guest;
