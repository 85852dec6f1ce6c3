namespace Sagitta.Tests.Experiments.Landscapes;

public sealed class LandscapePublicationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Findings_replace_what_stands_between_the_marks_of_their_system()
    {
        Directory.CreateDirectory(_folder.File("docs"));
        string document = _folder.File(Path.Combine("docs", "landscape.md"));
        const string others = "<!-- Muon: written by 'sagitta landscape --publish', do not edit -->\nkept\n<!-- end of Muon -->\n";
        const string begin = "<!-- Calorimeter: written by 'sagitta landscape --publish', do not edit -->";
        File.WriteAllText(document, $"before\n{begin}\nold\n<!-- end of Calorimeter -->\n{others}after\n");
        Table table = new(["of", new("λ_{1}", "10^{-3}")],
            [["a|b", new Metric(12.34, 0.56)], ["c", double.NaN]])
        { Caption = "A caption." };
        LandscapePublication.Write(
            _folder.Name, "Calorimeter", [new Heading("Curvature"), table, new Paragraph("not here")], "sagitta landscape");
        Assert.Equal(
            $"before\n{begin}\n```\nsagitta landscape\n```\n\n### Curvature\n\n| of | λ1, 10^-3 |\n|---|---:|\n| a\\|b | 12.34 ± 0.56 "
                + $"|\n| c | – |\n\nA caption.\n\n<!-- end of Calorimeter -->\n{others}after\n",
            File.ReadAllText(document));
    }

    [Fact]
    public void A_document_without_marks_is_an_error()
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => LandscapePublication.Write(_folder.Name, "Muon", [], ""));
        Assert.Contains("marks", problem.Message, StringComparison.Ordinal);
    }
}
