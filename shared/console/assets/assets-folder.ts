/** Where the files lie that browsers get: beside this one. What is deployed has them beside its bundle. */
export const assetsFolder = import.meta.dirname
