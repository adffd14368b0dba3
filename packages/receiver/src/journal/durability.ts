/** When a request counts as stored: at once, after write(), after fsync(). */
export type Durability = "none" | "flush" | "fsync";
