create index tags_label on tags (label);
