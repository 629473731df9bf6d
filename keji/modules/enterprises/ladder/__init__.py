"""The ladder 孵化 → 科技型中小 → 高企 → 专精特新 → 小巨人: who stands where, who is nearly there, who is helped up."""
