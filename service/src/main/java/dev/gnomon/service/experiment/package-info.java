/** Experiments: definitions, stored once and never changed. */
package dev.gnomon.service.experiment;
