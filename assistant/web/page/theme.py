"""The look of the page as far as Gradio's own parts go: system fonts, calm colours, large targets; the rest is page.css."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "system-ui", "sans-serif")


def theme() -> gr.themes.Base:
    """A theme that loads no font and no picture from anywhere."""
    import gradio as gr

    fonts = [gr.themes.Font(name) for name in FONTS]
    look = gr.themes.Base(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        text_size=gr.themes.sizes.text_lg,
        radius_size=gr.themes.sizes.radius_md,
        font=fonts,
        font_mono=fonts,
    )
    return look.set(
        body_background_fill="#f4f6f8",
        body_background_fill_dark="#12161c",
        body_text_color="#1b2733",
        body_text_color_dark="#e8ecf1",
        button_primary_background_fill="#1d4f91",
        button_primary_background_fill_hover="#163e73",
        button_primary_background_fill_dark="#2f67b1",
        button_primary_background_fill_hover_dark="#3a76c4",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#ffffff",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1b212a",
        input_placeholder_color="#5c6975",
        input_placeholder_color_dark="#a3b0bd",
    )
