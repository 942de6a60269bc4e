"""seeds.py FOLDER: inputs for the fuzzers to start from, FOLDER/FUZZER/*: what the project ships, and small files drawn here."""
import glob
import json
import os
import shutil
import sys

root = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(root, "tests", "support"))
import numpy as np  # noqa: E402
from osgeo import gdal, gdal_array  # noqa: E402
from onnx_file import network, node, small_classifier  # noqa: E402

MATRICES = {
    "four.csv": "map\\reference,a,b,c,d\na,66,0,5,4\nb,0,55,8,12\nc,1,0,153,11\nd,2,1,9,313\n",
    "quoted.csv": '"map","gone, for good","é"\n"gone, for good",10,0\n"é",3,97\n',
    "areas.csv": "class,pixels\nd,6450000\na,200000\nb,150000\nc,3200000\n",
    "empty_class.csv": "m,a,b\na,0,0\nb,0,12\n",
}


def networks(folder):
    """One of each family that plans are made for: products, convolutions of all kinds, pools, shape arithmetic."""
    random = np.random.default_rng(1)

    def weights(*shape):
        return random.normal(0, 1, shape).astype(np.float32)

    network(f"{folder}/no_weights.onnx", [node("Flatten", ["x"], ["y"])], {})
    nodes, tensors = small_classifier()
    network(f"{folder}/small.onnx", nodes, tensors)
    network(f"{folder}/softmax.onnx", nodes + [node("Softmax", ["y"], ["p"], axis=1)], tensors, output="p")
    tail = [node("GlobalAveragePool", ["v"], ["g"]), node("Flatten", ["g"], ["y"])]
    network(f"{folder}/depthwise.onnx",
            [node("Conv", ["x", "w"], ["u"], kernel_shape=[3, 3], group=3, pads=[1, 1, 1, 1], strides=[2, 2]),
             node("Clip", ["u", "low", "high"], ["v"])] + tail,
            {"w": weights(3, 1, 3, 3), "low": np.float32(0), "high": np.float32(6)}, shape=(1, 3, 16, 16))
    network(f"{folder}/residual.onnx",
            [node("MaxPool", ["x"], ["m"], kernel_shape=[2, 2], strides=[2, 2]),
             node("Conv", ["m", "w"], ["c"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node("Add", ["c", "m"], ["a"]),
             node("BatchNormalization", ["a", "s", "b", "e", "d"], ["v"])] + tail,
            {"w": weights(3, 3, 3, 3), "s": weights(3), "b": weights(3), "e": weights(3), "d": np.ones(3, np.float32)},
            shape=(None, 3, 16, 16))
    network(f"{folder}/shapes.onnx",
            [node("Shape", ["x"], ["s"]), node("Gather", ["s", "zero"], ["n"], axis=0), node("Concat", ["n", "rest"], ["t"], axis=0),
             node("Reshape", ["x", "t"], ["f"]), node("MatMul", ["f", "w"], ["y"])],
            {"zero": np.array([0], np.int64), "rest": np.array([-1], np.int64), "w": weights(48, 3)}, shape=(None, 3, 4, 4))
    network(f"{folder}/transposed.onnx",
            [node("Transpose", ["x"], ["t"], perm=[0, 2, 3, 1]), node("ReduceMean", ["t"], ["m"], axes=[1, 2], keepdims=0),
             node("Gemm", ["m", "w", "b"], ["y"])],
            {"w": weights(3, 3), "b": weights(3)}, shape=(2, 3, 8, 8))


INDEXES = {
    "index.csv": "path,class,split,block,source,weight\na/1.png,Forest,train,1,x,1\na/2.png,Water,test,2,x,0.5\nb/1.png,Forest,,1,,\n",
    "quoted.csv": "class,path\n\"gone, for good\",\"a \"\"b\"\".tif\"\n\"\u00e9\",1.jpg\n",
    "twice.csv": "path,class\n1.png,a\n1.png,a\n./1.png,b\n",
}


def models(folder):
    """The records of what ships, for a network that the fuzzer brings: without what is long and its own."""
    for path in glob.glob(f"{root}/models/*/model.json"):
        with open(path, encoding="utf-8") as file:
            item = json.load(file)
        for asset in item["assets"].values():
            if "landuse:sha256" in asset:
                asset["landuse:sha256"] = "0" * 64
        for key in [k for k, v in item["properties"].items() if len(json.dumps(v)) > 1500 and not k.startswith("mlm:")]:
            del item["properties"][key]
        with open(f"{folder}/{os.path.basename(os.path.dirname(path))}.json", "w", encoding="utf-8") as to:
            json.dump(item, to, separators=(",", ":"))


def pictures(folder):
    """Each kind of picture that a chip may be, of few pixels."""
    gdal.UseExceptions()
    random = np.random.default_rng(2)
    kinds = [("png", "PNG", 3, "uint8", []), ("jpg", "JPEG", 3, "uint8", []), ("grey.jpg", "JPEG", 1, "uint8", []), ("deep.png", "PNG", 1, "uint16", []),
             ("tif", "GTiff", 3, "uint8", ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]), ("lzw.tif", "GTiff", 4, "uint8", ["COMPRESS=LZW"]),
             ("float.tif", "GTiff", 1, "float32", []), ("jpeg.tif", "GTiff", 3, "uint8", ["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR"])]
    for ending, driver, bands, kind, options in kinds:
        pixels = random.integers(0, 256, (bands, 20, 24)).astype(kind)
        source = gdal.GetDriverByName("MEM").Create("", 24, 20, bands, gdal_array.NumericTypeCodeToGDALTypeCode(pixels.dtype.type))
        source.WriteArray(pixels if bands > 1 else pixels[0])
        path = f"{folder}/picture.{ending}"
        gdal.GetDriverByName(driver).CreateCopy(path, source, options=options)
        if os.path.exists(f"{path}.aux.xml"):
            os.remove(f"{path}.aux.xml")


def main(out):
    for fuzzer in ("fuzz_onnx", "fuzz_job", "fuzz_counts", "fuzz_model", "fuzz_index", "fuzz_picture", "fuzz_store"):
        os.makedirs(os.path.join(out, fuzzer), exist_ok=True)
    models(os.path.join(out, "fuzz_model"))
    pictures(os.path.join(out, "fuzz_picture"))
    for name, text in INDEXES.items():
        with open(os.path.join(out, "fuzz_index", name), "w", encoding="utf-8") as to:
            to.write(text)
    # A sound store, one of which half of a file is gone, and one with a byte changed in each.
    for name, changes in (("sound", b"\0\0"), ("cut", b"\x80\0"), ("changed", b"\0\0\0\x10\x05\xff\1\0\3\7")):
        with open(os.path.join(out, "fuzz_store", name), "wb") as to:
            to.write(changes)
    networks(os.path.join(out, "fuzz_onnx"))
    for path in [*glob.glob(f"{root}/config/*.yaml"), *glob.glob(f"{root}/config/schemes/*.yaml"), *glob.glob(f"{root}/samples/*/job.yaml")]:
        shutil.copy(path, os.path.join(out, "fuzz_job", os.path.relpath(path, root).replace(os.sep, "_")))
    for name, text in MATRICES.items():
        with open(os.path.join(out, "fuzz_counts", name), "w", encoding="utf-8") as to:
            to.write(text)


main(sys.argv[1])
