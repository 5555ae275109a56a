export {}; // a worker's script: nothing to import
