using FaceAnonStream.Faults;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Generation;

/// <summary>A tensor of one face: what a graph takes or gives, without the side that counts faces.</summary>
/// <param name="Tensor">The manifest's words for it.</param>
/// <param name="Sides">Its other sides.</param>
/// <param name="Offset">Where it begins in the memory of a face.</param>
internal sealed record FaceTensor(ModelTensor Tensor, IReadOnlyList<int> Sides, int Offset)
{
    public string Name => Tensor.Name;

    /// <summary>Numbers of one face.</summary>
    public int Length { get; } = Sides.Aggregate(1, (product, side) => checked(product * side));

    /// <summary>Its part of a face's memory.</summary>
    public Span<float> Of(Memory<float> face) => face.Span.Slice(Offset, Length);
}

/// <summary>What one graph of a generator takes or gives for one face: tensors that lie one after the other.</summary>
internal sealed class FaceTensors
{
    private readonly string _file;

    private FaceTensors(string file, IReadOnlyList<FaceTensor> all)
    {
        _file = file;
        All = all;
    }

    public IReadOnlyList<FaceTensor> All { get; }

    /// <summary>Numbers of one face.</summary>
    public int Length => All.Sum(tensor => tensor.Length);

    /// <summary>The tensors of one file, free sides (other than the first, which counts faces) being a picture's.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: one of them does not count faces.</exception>
    public static FaceTensors Of(IReadOnlyList<ModelTensor> tensors, string file, int size)
    {
        var all = new List<FaceTensor>();
        foreach (var tensor in tensors.Where(tensor => tensor.File == file))
        {
            if (tensor.Shape[0].Size is not null)
            {
                throw new FaultException(FaultOrigin.Model, $"{file}: {tensor.Name} is not for any number of faces");
            }

            all.Add(new FaceTensor(tensor, [.. tensor.Shape.Skip(1).Select(side => side.Size ?? size)], all.Sum(before => before.Length)));
        }

        return new FaceTensors(file, all);
    }

    /// <summary>A tensor that must be there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="sides">Its sides; 0 stands for any.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: it is missing or has other sides.</exception>
    public FaceTensor Require(string name, params int[] sides)
    {
        var tensor = All.FirstOrDefault(tensor => tensor.Name == name)
            ?? throw new FaultException(FaultOrigin.Model, $"{_file}: {name} is missing");
        return tensor.Sides.Count == sides.Length && tensor.Sides.Zip(sides).All(pair => pair.Second == 0 || pair.First == pair.Second)
            ? tensor
            : throw new FaultException(
                FaultOrigin.Model,
                $"{_file}: {name} is [N, {string.Join(", ", tensor.Sides)}]; expected [N, {string.Join(", ", sides.Select(side => side == 0 ? "n" : $"{side}"))}]");
    }

    /// <summary>Says that there is nothing but what was required.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: there is more.</exception>
    public void RequireNothingElse(params FaceTensor[] known)
    {
        if (All.FirstOrDefault(tensor => !known.Contains(tensor)) is { } other)
        {
            throw new FaultException(FaultOrigin.Model, $"{_file}: {other.Name} is unknown; allowed {string.Join(", ", known.Select(tensor => tensor.Name))}");
        }
    }
}
