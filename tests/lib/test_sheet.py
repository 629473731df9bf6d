"""Uploads and exports with files written by real programs: what is read, what is refused, and in which words."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.sheet import Column, Limits, SheetError, read, template, with_problems, write
from keji.lib.sheet.columns import letters
from keji.lib.sheet.package import column_index
from keji.lib.sheet.reading import header_key
from keji.lib.sheet.writing import neutral

COLUMNS = [
    Column("name", "企业名称", required=True, help="与营业执照一致", example="安徽应流机电股份有限公司"),
    Column("code", "统一社会信用代码", "code", required=True),
    Column("county", "所属县区", "choice", choices={"341503": "裕安区", "341525": "霍山县"}),
    Column("spent", "研发费用", "decimal", unit="万元"),
    Column("staff", "职工人数", "integer", unit="人"),
    Column("founded", "成立日期", "date"),
    Column("listed", "是否上市", "yes_no"),
    Column("share", "研发占比", "decimal", unit="%"),
]
HEADER = [
    "企业名称",
    "统一社会信用代码",
    "所属县区",
    "研发费用（万元）",
    "职工人数",
    "成立日期",
    "是否上市",
    "研发占比",
]
FIRM = ["甲公司", "91341503MA8N12A31C", "裕安区", 120.5, 35, datetime(2010, 5, 6), "是", "15.6%"]


def workbook(rows, *, name="Sheet1", edit=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    if edit:
        edit(book, sheet)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def refusal(data, columns=COLUMNS, limits=None, **options):
    with pytest.raises(SheetError) as caught:
        read(data, columns, limits, **options)
    assert caught.value.message.endswith("。")
    return caught.value.message


def test_a_plain_table_is_read_into_typed_rows_with_excel_row_numbers():
    sheet = read(workbook([HEADER, FIRM, [None] * 8, FIRM]), COLUMNS)
    assert sheet.ok
    assert (sheet.name, sheet.header_row) == ("Sheet1", 1)
    assert [row.number for row in sheet.rows] == [2, 4]
    assert sheet.rows[0].values == {
        "name": "甲公司",
        "code": "91341503MA8N12A31C",
        "county": "341503",
        "spent": Decimal("120.5"),
        "staff": 35,
        "founded": date(2010, 5, 6),
        "listed": True,
        "share": Decimal("15.6"),
    }


def test_the_header_is_found_under_title_rows_in_any_order_and_dress():
    header = ["序号", "统一社会\n信用代码（必填）", "*企业名称", "研发费用 (万元)", "其他一列", "成立日期"]
    sheet = read(
        workbook([["某县企业情况表"], ["单位：万元"], header, [1, "91341503MA8N12A31C", "甲", 5, "x", None]]), COLUMNS
    )
    assert sheet.header_row == 3
    assert sheet.rows[0].number == 4
    assert sheet.rows[0].values["name"] == "甲"
    assert sheet.address(4, "founded") == "F4"
    assert sheet.notes[0] == "有 1 列不在模板里，没有读取：其他一列。"
    assert "所属县区" in sheet.notes[1]


def test_numbered_but_otherwise_empty_lines_are_not_rows():
    sheet = read(workbook([["序号", *HEADER], [1, *FIRM], [2], [3]]), COLUMNS)
    assert [row.number for row in sheet.rows] == [2]


def test_every_bad_cell_is_told_by_address_and_sentence_at_once():
    bad = [None, "91341503MA8N12A31C", "霍山", "约5", 5.5, "2024-2-30", "大概", None]
    sheet = read(workbook([HEADER, FIRM, bad]), COLUMNS)
    assert not sheet.ok
    told = [str(problem) for problem in sheet.problems_by_row()[3]]
    assert told[0] == "“企业名称”（A3）：必填，没有填写，请补上。"
    assert "是不是“霍山县”" in told[1]
    assert told[2].startswith("“研发费用”（D3）：")
    assert "不是整数" in told[3]
    assert "2024年2月只有 29 天" in told[4]
    assert len(told) == 6
    assert sheet.problem(3, "code", "已被登记").address == "B3"


def test_missing_columns_are_named():
    message = refusal(workbook([["企业名称", "研发费用"], ["甲", 5]]))
    assert "表头缺少：统一社会信用代码" in message
    assert "第 1 行" in message


def test_a_sheet_without_the_header_points_to_the_one_that_has_it():
    def add(book, sheet):
        other = book.create_sheet("企业")
        other.append(HEADER)
        other.append(FIRM)

    data = workbook([["目录"], ["一、企业"]], edit=add)
    assert "“企业”里有" in refusal(data)
    assert read(data, COLUMNS, sheet_name="企业").ok
    assert "没有名为“平台”的工作表" in refusal(data, sheet_name="平台")
    assert "没有找到表头（应有：企业名称、统一社会信用代码）" in refusal(workbook([["目录"]]))


def test_a_header_in_another_unit_is_refused_for_it_would_scale_every_figure():
    message = refusal(workbook([["企业名称", "统一社会信用代码", "研发费用（元）"], ["甲", "1", 5]]))
    assert "C1 的“研发费用”写的单位是“元”，本表应为“万元”" in message
    message = refusal(workbook([["企业名称", "统一社会信用代码", "成立日期", "成立日期"], ["甲", "1", None, None]]))
    assert "出现了两次（C1、D1）" in message


def test_two_columns_that_differ_only_in_brackets_are_kept_apart():
    columns = [Column("now", "研发费用（本年）", "decimal"), Column("before", "研发费用（上年）", "decimal")]
    sheet = read(workbook([["研发费用(上年)", "研发费用（本年）"], [1, 2]]), columns)
    assert sheet.rows[0].values == {"now": 2, "before": 1}


def test_merged_cells_among_the_data_are_told_by_address_but_title_cells_may_be_merged():
    def merge(book, sheet):
        sheet.merge_cells("A1:H1")
        sheet.merge_cells("C3:C4")

    sheet = read(workbook([["标题"], HEADER, FIRM, FIRM], edit=merge), COLUMNS)
    assert [str(p) for p in sheet.problems] == ["C3:C4 是合并单元格，请取消合并，逐行填写完整。"]


def test_hidden_rows_are_read_and_mentioned():
    def hide(book, sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True

    sheet = read(workbook([HEADER, FIRM, FIRM], edit=hide), COLUMNS)
    assert len(sheet.rows) == 2
    assert "有 1 行被隐藏或被筛选掉（第 3 行）" in sheet.notes[0]


def test_formulas_give_their_stored_result_and_without_one_are_told():
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["甲", "91341503MA8N12A31C"])
        sheet.write_formula("D2", "=100+20.5", None, 120.5)
    assert read(output.getvalue(), COLUMNS).rows[0].values["spent"] == Decimal("120.5")

    told = read(workbook([HEADER, ["甲", "91341503MA8N12A31C", "裕安区", "=100+20.5"]]), COLUMNS)
    assert "没有它的结果" in str(told.problems[0])
    assert told.problems[0].address == "D2"
    required = read(workbook([HEADER, ['="甲"', "91341503MA8N12A31C"]]), COLUMNS)
    assert len(required.problems) == 1


def test_a_number_shown_as_percentage_is_read_as_its_author_sees_it():
    def as_percent(book, sheet):
        sheet["H2"].number_format = "0.00%"
        sheet["H3"].number_format = "0.0"
        sheet["D2"].number_format = "0%"

    rows = [HEADER, [*FIRM[:7], 0.156], [*FIRM[:7], 15.6]]
    sheet = read(workbook(rows, edit=as_percent), COLUMNS)
    assert [row.values["share"] for row in sheet.rows] == [Decimal("15.6"), Decimal("15.6")]
    assert sheet.rows[0].values["spent"] == Decimal("120.5")


def test_a_total_line_is_refused_rather_than_counted_as_a_firm():
    sheet = read(workbook([HEADER, FIRM, ["合 计", None, None, 120.5]]), COLUMNS)
    assert [str(p) for p in sheet.problems] == ["第 3 行像是合计行，请删去合计、小计行后再上传。"]


def test_an_empty_table_says_where_to_start():
    sheet = read(workbook([["标题"], HEADER]), COLUMNS)
    assert "请从第 3 行开始填写" in str(sheet.problems[0])


def test_too_many_rows_are_refused_before_and_after_reading():
    limits = Limits(rows=3, header_rows=5)
    assert "有 4 行数据，超过每次 3 行" in refusal(workbook([HEADER, *[FIRM] * 4]), limits=limits)

    def far(book, sheet):
        sheet["A1048576"] = "x"

    assert "第 1048576 行有内容" in refusal(workbook([HEADER, FIRM], edit=far))

    def wide(book, sheet):
        sheet["XFD1"] = "x"

    assert "第 XFD 列有内容" in refusal(workbook([HEADER, FIRM], edit=wide))

    def far_column(book, sheet):
        sheet["IW2"] = "x"

    assert "第 IW 列有内容" in refusal(workbook([HEADER, FIRM], edit=far_column))

    def formatted(book, sheet):
        sheet["XFD1048576"].number_format = "0.00"

    assert read(workbook([HEADER, FIRM], edit=formatted), COLUMNS).ok


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c><v>1</v></c></row>',
        b'<row r="3"><c r = "XFD1048576" s="1" ext="/>"><v>1</v></c></row>',
        b"<row r='3'><c r='xfd1048576'><v>1</v></c></row>",
        b'<row r="3"><c r="A1048576" t="str"><v></v></c></row>',
        b'<row r="1048575"/><row><c><is><t>x</t></is></c></row>',
        b'<row r="3"><c r="AAAAAAAAAA3"><v>1</v></c></row>',
    ],
)
def test_a_far_cell_cannot_hide_from_the_guard_and_take_the_process_down(cell):
    honest = zipfile.ZipFile(io.BytesIO(workbook([HEADER, FIRM])))
    parts = {entry: honest.read(entry) for entry in honest.namelist()}
    path = "xl/worksheets/sheet1.xml"
    parts[path] = parts[path].replace(b"</sheetData>", cell + b"</sheetData>")
    try:
        sheet = read(archive(parts), COLUMNS)
    except SheetError:
        return
    assert len(sheet.rows) < 3  # or the reader took the cell for a near one


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (OLE, "旧版 Excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("企业名称,代码\n甲,1\n".encode(), "CSV"),
        ("企业名称,代码\n甲,1\n".encode("gbk"), "CSV"),
        (b"<html><table></table></html>", "网页"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x00\x01\x02", "不是 Excel"),
        (b"PK\x03\x04" + bytes(50), "损坏"),
    ],
)
def test_a_file_that_only_bears_the_name_is_told_what_it_is(data, words):
    assert words in refusal(data)


def archive(files, *, compression=zipfile.ZIP_DEFLATED):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", compression) as z:
        for name, content in files.items():
            z.writestr(name, content)
    return output.getvalue()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.txt": "x"}, "压缩包"),
        ({"word/document.xml": "x"}, "Word"),
        ({"content.xml": "x"}, "ODS"),
        ({"xl/workbook.bin": "x"}, "xlsb"),
        ({"xl/workbook.xml": "x", "xl/vbaProject.bin": "x"}, "宏"),
        ({"xl/workbook.xml": "not xml"}, "损坏"),
        ({"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}, "不允许的声明"),
        ({"xl/workbook.xml": "<!--" + "x" * 9000 + "--><!DOCTYPE x><x/>"}, "不允许的声明"),
        ({"xl/workbook.xml": "<?xml version='1.0' encoding='utf-16'?><x/>".encode("utf-16")}, "不允许的声明"),
        ({"xl/workbook.xml": "<?xml version='1.0' encoding='gbk'?><x/>"}, "不允许的声明"),
        ({"xl/workbook.xml": "<workbook/>"}, "损坏"),
    ],
)
def test_other_packages_are_told_apart(files, words):
    assert words in refusal(archive(files))


def test_a_zip_bomb_is_refused_by_what_it_declares():
    bomb = archive({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": bytes(3 * 2**20)})
    assert len(bomb) < 10_000
    assert "解开后超过 1 MB" in refusal(bomb, limits=Limits(unpacked_bytes=2**20))


def test_a_zip_bomb_that_lies_about_its_size_is_refused_by_what_it_is():
    bomb = bytearray(archive({"xl/workbook.xml": "<x/>", "big.xml": bytes(3 * 2**20)}))
    true_size = (3 * 2**20).to_bytes(4, "little")
    while (at := bomb.find(true_size)) >= 0:
        bomb[at : at + 4] = (10).to_bytes(4, "little")
    assert "解开后超过 1 MB" in refusal(bytes(bomb), limits=Limits(unpacked_bytes=2**20))


def test_a_truncated_file_is_damaged_not_a_crash():
    data = workbook([HEADER, FIRM])
    for cut in (len(data) // 4, len(data) // 2, len(data) - 10):
        assert "损坏" in refusal(data[:cut])


def test_a_file_over_the_limit_is_refused_whatever_is_in_it(tmp_path):
    path = tmp_path / "big.xlsx"
    path.write_bytes(workbook([HEADER, FIRM]))
    assert "MB 的上限" in refusal(path, limits=Limits(file_bytes=1000))
    assert read(path, COLUMNS).ok
    with path.open("rb") as handle:
        assert read(handle, COLUMNS).ok


def test_a_file_whose_styles_are_damaged_is_read_or_refused_in_words():
    honest = zipfile.ZipFile(io.BytesIO(workbook([HEADER, FIRM])))
    parts = {entry: honest.read(entry) for entry in honest.namelist()}
    data = archive(parts | {"xl/styles.xml": b"<styleSheet 9 %"})
    with pytest.raises(SheetError, match="损坏"):
        with_problems(data, {2: ["x"]}, 1, "Sheet1")
    with pytest.raises(SheetError, match="损坏"):
        read(data, COLUMNS)


def test_marking_does_not_fill_out_a_sheet_that_is_formatted_to_its_end():
    def formatted(book, sheet):
        sheet["I1"] = "问题"
        sheet["XFD1048576"].number_format = "0.00"

    data = workbook([HEADER, FIRM], edit=formatted)
    marked = with_problems(data, {2: ["已被登记"]}, 1, "Sheet1")
    assert openpyxl.load_workbook(io.BytesIO(marked)).active["I2"].value == "已被登记"


VALUES = {
    "name": "=HYPERLINK(1)",
    "code": "91341503MA8N12A31C",
    "county": "341525",
    "spent": Decimal("1234567.891"),
    "staff": 12345,
    "founded": date(2010, 5, 6),
    "listed": False,
    "share": Decimal("15.60"),
}


def test_an_export_reads_back_exactly_and_runs_no_formula():
    data = write(COLUMNS, [VALUES, {"name": "乙", "code": "1"}], title="企业名单", notes=["数据截至 2024-03-31"])
    sheet = read(data, COLUMNS)
    assert sheet.ok
    assert sheet.header_row == 3
    assert sheet.rows[0].values == VALUES
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["A4"]
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1)", "s")


def test_an_export_is_styled_with_frozen_header_formats_and_choices():
    data = write(COLUMNS, [VALUES], title="企业名单")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet.freeze_panes == "A3"
    assert sheet["A1"].value == "企业名单"
    assert sheet["D2"].value == "研发费用（万元）"
    assert sheet["D3"].number_format == "#,##0.00"
    assert sheet["B3"].number_format == "@"
    assert isinstance(sheet["F3"].value, datetime)
    assert sheet["F3"].number_format == "yyyy-mm-dd"
    assert sheet["C3"].value == "霍山县"
    assert {v.formula1 for v in sheet.data_validations.dataValidation} == {'"裕安区,霍山县"', '"是,否"'}
    assert sheet.column_dimensions["A"].width >= 12


def test_long_numbers_stay_whole_as_text_and_long_text_is_cut_not_lost():
    columns = [Column("n", "数", "decimal"), Column("t", "文")]
    data = write(columns, [{"n": Decimal("12345678901234567.89"), "t": "长" * 40000}])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["A2"].value == "12345678901234567.89"
    assert len(sheet["B2"].value) == 32767
    with pytest.raises(TypeError):
        write(columns, [{"n": 1.5}])


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r"])
def test_what_looks_like_a_formula_gets_an_apostrophe(lead):
    assert neutral(lead + "cmd") == "'" + lead + "cmd"
    assert neutral("cmd" + lead) == "cmd" + lead


def test_long_lists_of_choices_move_to_a_hidden_sheet():
    labels = [f"第{i}类技术领域，含逗号,的名称" for i in range(60)]
    columns = [
        Column("field", "技术领域", "choice", choices=labels),
        Column("b", "另一列", "choice", choices=labels[:40]),
    ]
    for data in (template(columns), write(columns, [{"field": labels[3]}])):
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert book["选项"].sheet_state == "hidden"
        assert [v.formula1 for v in book.worksheets[0].data_validations.dataValidation] == [
            "选项!$A$1:$BH$1",
            "选项!$A$2:$AN$2",
        ]
        assert book["选项"]["BH1"].value == labels[59]


def test_a_template_explains_its_columns_and_once_filled_reads_back():
    data = template(COLUMNS, [VALUES], ["每月 5 日前报送。"])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["数据", "填写说明"]
    said = [[cell.value for cell in row] for row in book["填写说明"].iter_rows()]
    assert said[0][0] == "每月 5 日前报送。"
    assert said[2][:4] == ["企业名称", "必填", "文字", "与营业执照一致"]
    assert any(row[0] and "填写示例" in row[0] for row in said)
    assert "没有数据" in str(read(data, COLUMNS).problems[0])
    sheet = book["数据"]
    for index, value in enumerate(FIRM, 1):
        sheet.cell(2, index, value)
    output = io.BytesIO()
    book.save(output)
    assert read(output.getvalue(), COLUMNS).ok


def test_problems_come_back_on_the_same_sheet_and_the_next_round_starts_clean():
    data = workbook([["标题"], HEADER, FIRM, ["乙", "1", "合肥"], ["=1+1 文字", "2", None, "约5"]])
    sheet = read(data, COLUMNS)
    marked = with_problems(data, sheet.problems_by_row(), sheet.header_row, sheet.name)
    book = openpyxl.load_workbook(io.BytesIO(marked))
    page = book[sheet.name]
    assert page["I2"].value == "问题"
    assert page["I3"].value is None
    assert "不在可选范围内" in page["I4"].value
    assert page["C4"].fill.start_color.rgb == "FFFFC7CE"
    assert page["A3"].value == "甲公司"
    page["C4"], page["A5"], page["D5"] = "霍山县", "丙", 5
    output = io.BytesIO()
    book.save(output)
    again = read(output.getvalue(), COLUMNS)
    assert again.ok
    assert again.notes == []
    third = with_problems(output.getvalue(), {5: ["=库里已有这家企业"]}, 2, sheet.name)
    page = openpyxl.load_workbook(io.BytesIO(third))[sheet.name]
    assert page["I4"].value is None
    assert page["C4"].fill.start_color.rgb != "FFFFC7CE"
    assert (page["I5"].value, page["I5"].data_type) == ("=库里已有这家企业", "s")


def test_columns_are_declared_carefully():
    with pytest.raises(ValueError):
        Column("a", "甲", "colour")
    with pytest.raises(ValueError):
        Column("a", "甲", "choice")
    assert header_key(" *企业\n名称（必填）：") == "企业名称"
    assert hash(Column("a", "甲", "choice", choices={"x": "乙"}))


@given(st.integers(0, 20000))
def test_column_letters_and_indexes_agree(index):
    assert column_index(letters(index)) == index


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": TEXTS.map(lambda t: "甲" + " ".join(t.split())),
                "spent": st.none() | st.decimals(-(10**9), 10**9, places=4),
                "founded": st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
                "listed": st.none() | st.booleans(),
            }
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_reads_back(rows):
    from keji.lib import cells

    columns = [c for c in COLUMNS if c.name in ("name", "spent", "founded", "listed")]
    sheet = read(write(columns, rows), columns)
    assert sheet.ok
    assert [row.values for row in sheet.rows] == [{**row, "name": cells.text(row["name"])} for row in rows]


@pytest.mark.parametrize(
    ("columns", "paper", "pages"),
    [(6, 9, None), (18, 8, None), (60, 8, 3)],  # A4; A3; A3 sheets side by side
)
def test_a_wide_table_is_printed_on_larger_paper_before_it_is_too_small_to_read(columns, paper, pages):
    table = [Column(f"c{n}", f"第{n}项研究开发费用", "integer", unit="千元") for n in range(columns)]
    page = openpyxl.load_workbook(io.BytesIO(write(table, [{"c0": 1}], title="年度表", notes=["说明" * 150]))).active
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", paper)
    assert page.page_setup.fitToWidth == pages  # nothing written: one page across
    assert page.print_title_rows == "$3:$3"
    assert page.print_title_cols == ("$A:$A" if pages else None)
    assert "第 &P 页" in page.oddFooter.center.text
    assert page.row_dimensions[2].height > 40  # a long note is read whole
    assert max(d.width for d in page.column_dimensions.values()) < 20  # the header takes a second line
