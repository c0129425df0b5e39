/** Takes runs from the queue and has the engine execute them. */
package dev.gnomon.service.executor;
