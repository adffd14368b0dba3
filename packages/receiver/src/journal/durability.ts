/** When a request counts as kept: at once, when the system has it, when the disk has it. */
export type Durability = "none" | "flush" | "fsync";
