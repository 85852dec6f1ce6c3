// Hits of protons in, tracks out, with the shipped model: dotnet run samples/reconstruct-protons.cs -- [hits file] [protons a frame]
#:project ../src/Sagitta.Tracking
#:property PublishAot=false

using Sagitta.Physics.Calorimeter;
using Sagitta.Tracking.Calorimeter;

string path = args.Length > 0 ? args[0] : "samples/proton-hits.csv";
int protonsPerFrame = args.Length > 1 ? int.Parse(args[1]) : 10;
using CalorimeterReconstructor reconstructor = CalorimeterReconstructor.Load();
foreach (CalorimeterFrame frame in CalorimeterFrame.Read(path, protonsPerFrame))
{
    foreach (CalorimeterTrack track in reconstructor.Reconstruct(frame).Where(t => t.Status == CalorimeterTrackStatus.Found))
    {
        Console.WriteLine(
            $"frame {track.Frame}, track {track.Number}: {track.Hits.Count} hits, range {track.Range:0.0} +- {track.RangeError:0.0} mm, "
                + $"{track.Energy:0.0} MeV");
    }
}
