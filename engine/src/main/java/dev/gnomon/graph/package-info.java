/** The network graph of an experiment: its GML text, its nodes and edges, and the paths between the nodes in use. */
package dev.gnomon.graph;
