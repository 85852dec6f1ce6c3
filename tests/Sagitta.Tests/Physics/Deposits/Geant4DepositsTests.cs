using System.IO.Compression;

namespace Sagitta.Tests.Physics.Deposits;

public sealed class Geant4DepositsTests
{
    private const string HitHeader = "event,layer,track,parent,pdg,flag,x,y,z,y_in,y_out,zl_in,zl_out,edep_keV,t_ns,px,py,pz";
    private const string Muon = "3,0,1,0,-13,1,0,11.5,2000,11.4,11.6,-2.5,2.5,1.2,6.672,0,700,78000";
    private const string Electron = "3,0,6,1,11,0,0,11.9,2000,11.8,12.1,-2.5,-2.5,1.3,6.7,0.3,0.4,0.3";
    private const string TruthHeader = "event,charge,px,py,pz,pt_yz";
    private const string Truth = "3,1,0,300,400,500";

    [Fact]
    public void Rows_become_deposits_with_crossing_and_truth()
    {
        DepositSet set = Read([HitHeader, Muon, Electron], [TruthHeader, Truth]);
        Assert.Equal(1, set.Count);
        Assert.Equal(3, set.Number(0));
        Assert.Equal(2, set.Deposits.Count);
        Assert.Equal((byte)DepositSource.Electron, set.Deposits.Source[1]);
        Assert.Equal(11.5f, set.Crossings(0)[0]);
        Assert.True(float.IsNaN(set.Crossings(0)[1]));
        Assert.Equal(1 / 0.5, set.Truth(0).QOverPt, 1e-12);
        Assert.Equal(0.6, set.Truth(0).Sine, 1e-12);

        // 6.672 ns is light's time to 2000 mm.
        Assert.Equal(0, set.Deposits.Time[0], 1e-3);
    }

    [Theory]
    [InlineData("edep_keV", "edep", "", "", "line 1", "column 'edep_keV' (keV) is missing")]
    [InlineData("", "", "1.2,6.672", "lots,6.672", "line 2, column 'edep_keV'", "'lots' is not a number")]
    [InlineData("", "", "1.2,6.672", ",6.672", "line 2, column 'edep_keV'", "is not a number")]
    [InlineData("", "", "3,0,1", "3,99,1", "line 2, column 'layer'", "99")]
    [InlineData("", "", "3,0,1", "4,0,1", "line 2, column 'event'", "no truth")]
    public void Bad_rows_name_file_line_and_column(
        string header, string badHeader, string field, string badField, string where, string says)
    {
        string first = header.Length == 0 ? HitHeader : HitHeader.Replace(header, badHeader, StringComparison.Ordinal);
        string row = field.Length == 0 ? Muon : Muon.Replace(field, badField, StringComparison.Ordinal);
        BadInputException problem = Assert.Throws<BadInputException>(() => Read([first, row], [TruthHeader, Truth]));
        Assert.Contains("hits.csv", problem.Message, StringComparison.Ordinal);
        Assert.Contains(where, problem.Message, StringComparison.Ordinal);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_row_names_the_missing_column()
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => Read([HitHeader, Muon, "3,1,1,0,-13"], [TruthHeader, Truth]));
        Assert.Contains("line 3", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_gzip_file_is_bad_input()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"));
        File.WriteAllBytes(folder.File("cut.csv.gz"), whole[..(whole.Length / 2)]);
        string truth = TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz");
        Assert.Contains("cut.csv.gz", Assert.Throws<BadInputException>(
            () => Geant4Deposits.Read(DetectorFile.Load("toy16"), folder.File("cut.csv.gz"), truth)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_bad_input() =>
        Assert.Contains("no such file", Assert.Throws<BadInputException>(
            () => Geant4Deposits.Read(DetectorFile.Load("toy16"), "nowhere.csv", "nowhere.csv")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_committed_slice_holds_a_thousand_events_with_muons_in_nearly_all_planes()
    {
        DepositSet set = Slice();
        Assert.Equal(1000, set.Count);
        Assert.Equal(10_000, set.Number(0));
        int crossings = 0;
        for (int i = 0; i < set.Count; i++)
        {
            foreach (float crossing in set.Crossings(i))
            {
                crossings += float.IsNaN(crossing) ? 0 : 1;
            }
        }

        Assert.InRange(crossings, 15_980, 16_000);
    }

    internal static DepositSet Slice() => Geant4Deposits.Read(
        DetectorFile.Load("toy16"),
        TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"),
        TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz"));

    private static DepositSet Read(string[] hits, string[] truth)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("hits.csv"), hits);
        using (var gzip = new GZipStream(File.Create(folder.File("truth.csv.gz")), CompressionLevel.Fastest))
        using (var writer = new StreamWriter(gzip))
        {
            writer.Write(string.Join('\n', truth) + "\n");
        }

        return Geant4Deposits.Read(DetectorFile.Load("toy16"), folder.File("hits.csv"), folder.File("truth.csv.gz"));
    }
}
