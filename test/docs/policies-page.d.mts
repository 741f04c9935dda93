/** The page with its generated part made anew; the prose around it stays. */
export declare function policiesPage(page: string): string;
