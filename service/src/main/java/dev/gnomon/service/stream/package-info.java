/** Events of runs, sent to clients while they happen. */
package dev.gnomon.service.stream;
