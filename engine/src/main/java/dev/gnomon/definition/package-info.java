/** The experiment file: from YAML text with positions to records, with every mistake at its line and column. */
package dev.gnomon.definition;
